# One image for web, worker, beat and the one-off commands; docker-compose.yml says which.

FROM node:22-bookworm-slim AS static
WORKDIR /build/static
COPY static/package.json static/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY static ./
RUN node build.mjs

FROM python:3.11-slim-bookworm AS packages
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev libpq-dev \
    && rm -rf /var/lib/apt/lists/*
COPY requirements/production.txt /build/
# By hash. psycopg2 is compiled here, against the libpq that the last stage brings.
RUN python -m venv /opt/hub \
    && /opt/hub/bin/pip install --no-cache-dir --require-hashes --no-deps -r /build/production.txt

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpq5 libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --create-home --home-dir /var/lib/hub hub
COPY --from=packages /opt/hub /opt/hub
ENV PATH=/opt/hub/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HUB_DIR=/var/lib/hub
WORKDIR /srv/hub
COPY . .
COPY --from=static /build/static/dist static/dist
USER hub
EXPOSE 8000
CMD ["gunicorn", "hesley_hub.wsgi:application", "--preload", "--no-control-socket", "--bind", "0.0.0.0:8000", \
     "--worker-class", "gthread", "--workers", "2", "--threads", "8"]
