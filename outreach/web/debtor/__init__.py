"""The debtor's page: an application of its own below /p, whose every page is for one debtor and nobody else."""
