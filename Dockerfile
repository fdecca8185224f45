# One image for every role; the command says which: migrate, scheduler, worker, web.
FROM python:3.13-slim-bookworm AS build
WORKDIR /build
COPY scripts/build.lock ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: -r build.lock
COPY requirements-runtime.lock ./
RUN uv venv --no-python-downloads --python "$(command -v python)" /opt/outreach \
    && uv pip sync --no-cache --python /opt/outreach/bin/python --require-hashes requirements-runtime.lock
COPY pyproject.toml README.md LICENSE ./
COPY outreach outreach
# The build backend is pinned in build.lock: nothing more is fetched.
RUN pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
    && uv pip install --no-cache --python /opt/outreach/bin/python --no-deps dist/*.whl

FROM python:3.13-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /var/lib/outreach --create-home outreach
COPY --from=build /opt/outreach /opt/outreach
COPY schedules /app/schedules
COPY templates /app/templates
ENV PATH=/opt/outreach/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
USER 10001
EXPOSE 8000
STOPSIGNAL SIGTERM
# Of the web; the other roles are given theirs in docker-compose.yml.
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
ENTRYPOINT ["outreach"]
CMD ["web"]
