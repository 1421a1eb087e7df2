"""What the hub costs and what it finds, measured: `./hub bench [NAME ...] [--quick] [--out FILE.json]`. No part of the product."""
