# One image for web servers, workers and commands: the command says which.
#   docker build -t packshot .
#   docker build -t packshot --build-arg MODEL= .      without a model: mount a folder with one at /models
FROM python:3.12-slim-bookworm
ARG MODEL=isnet-general-use
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 PORT=8000 ENV_FILE= LOG_FORMAT=json \
    DATA_DIR=/data MODELS_DIR=/models STATIC_ROOT=/app/.static
RUN useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin packshot \
    && mkdir -p /app /data /models && chown packshot /app /data /models
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --only-binary=:all: --require-hashes -r requirements.txt
COPY --chown=packshot manage.py pyproject.toml ./
COPY --chown=packshot accounts accounts
COPY --chown=packshot processing processing
COPY --chown=packshot integrations integrations
COPY --chown=packshot dashboard dashboard
COPY --chown=packshot templates templates
COPY --chown=packshot static static
USER packshot
# Secrets made here would be the same in every installation: they stay in this step.
RUN DATA_DIR=/tmp/build python manage.py collectstatic --no-input --verbosity 0 \
    && if [ -n "$MODEL" ]; then DATA_DIR=/tmp/build python manage.py models fetch "$MODEL"; fi \
    && rm -rf /tmp/build
EXPOSE 8000
VOLUME /data
STOPSIGNAL SIGTERM
CMD ["python", "manage.py", "web", "--static-ready"]
