"""Pictures as SVG text, made from small frozen dataclasses: no Django, no style attribute, no script."""
