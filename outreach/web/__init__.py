"""The web: webhooks, the console for operations and agents, health checks, and the debtor's unsubscribe page."""
