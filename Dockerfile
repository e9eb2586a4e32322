# Front-end files from the lock.
FROM node:22-slim AS assets
WORKDIR /build
COPY .npmrc package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts \
 && node -e 'const {cpSync, mkdirSync} = require("fs"); mkdirSync("vendor"); \
    for (const [to, from] of Object.entries(require("./package.json").vendorFiles)) cpSync("node_modules/" + from, "vendor/" + to)'

FROM python:3.13-slim
ENV PYTHONUNBUFFERED=1 PYTHONUTF8=1 PORTAL_HOME=/srv/portal
WORKDIR /app
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY --from=assets /build/vendor /srv/portal/vendor
COPY . .
RUN useradd --system --uid 10001 portal \
 && mkdir -p /srv/media \
 && chown -R portal /srv/portal /srv/media \
 && SECRET_KEY=build FIELD_KEYS=1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= DATABASE_URL=postgresql://build@build/build REDIS_URL=redis://build \
    python manage.py collectstatic --noinput
USER portal
EXPOSE 8000
CMD ["gunicorn", "unionportal.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--threads", "4", "--timeout", "120", "--no-control-socket", "--worker-tmp-dir", "/dev/shm"]
