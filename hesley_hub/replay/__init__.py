"""Histories poured through the real pipeline: records, rules, alerts, ladders and e-mails, under a virtual clock."""
