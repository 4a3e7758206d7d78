# One image holds every service; the command chooses which one runs:
#   docker run … suar node --conditions=suar-built --enable-source-maps services/intake/dist/main.js

FROM node:24-slim AS build
WORKDIR /suar
COPY . .
# Keeps to the lockfile; `npm ci` refuses one that does not name the packages of every system (see
# scripts/installed-packages.js). Optional ones are needed here: the compiler is one of them.
RUN --mount=type=cache,target=/root/.npm npm install --no-save --no-audit --no-fund
RUN npm run build
# What only builds, tests and the laptop need goes: compilers, a second Node, the embedded PostgreSQL, sources.
RUN npm prune --no-save --omit=dev --omit=optional \
 && rm -rf packages/*/src services/*/src tests/* packages/*/*.tsbuildinfo services/*/*.tsbuildinfo

FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /suar
# Owned by root and read by `node`: a service cannot change its own code.
COPY --from=build /suar ./
# A volume that is mounted here begins with this owner; nothing else is written to.
RUN install -d -o node -g node -m 0700 /data /checkpoints /mail
USER node
EXPOSE 8080
