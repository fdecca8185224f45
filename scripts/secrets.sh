#!/bin/sh
# Make the files that docker-compose.yml mounts as secrets: random where Outreach may choose, empty where a provider
# gives the value. What is there is kept. Only this user enters the folder; the containers' user reads the files.
set -eu
cd "$(dirname "$0")/.."
. scripts/common.sh

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

# The name of the file and its value; printf adds no line end, which some readers would take as part of the secret.
keep() {
    [ -e "secrets/$1" ] || printf %s "$2" >"secrets/$1"
    chmod 644 "secrets/$1"
}

mkdir -p secrets
chmod 700 secrets
keep postgres_password "$(random)"
keep database_url "postgresql+psycopg://outreach:$(cat secrets/postgres_password)@postgres:5432/outreach"
keep secret_key "$(random)"
keep metrics_token "$(random)"
for provider in twilio_auth_token sendgrid_api_key lob_api_key lob_webhook_secret smtp_url; do
    keep "$provider" ""
done
say "secrets/ is ready; put the providers' values into their files"
