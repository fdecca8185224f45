"""Outreach: contact people whose payments are overdue, once, within the law, with proof."""
