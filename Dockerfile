# The tag's second number is Playwright's version and must be that of package.json (`npm run validate` checks it).
FROM apify/actor-node-playwright-chrome:24-1.62.1 AS builder

COPY --chown=myuser:myuser package.json package-lock.json .npmrc Dockerfile ./
RUN node check-playwright-version.mjs
RUN npm ci --include=dev --no-audit --no-fund
COPY --chown=myuser:myuser tsconfig.json tsconfig.build.json ./
COPY --chown=myuser:myuser src ./src
RUN npm run build

FROM apify/actor-node-playwright-chrome:24-1.62.1

COPY --chown=myuser:myuser package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --omit=optional --no-audit --no-fund \
    && rm -rf ~/.npm
COPY --from=builder --chown=myuser:myuser /home/myuser/dist ./dist
# The input is read by the same schema that the Console shows.
COPY --chown=myuser:myuser .actor ./.actor

# The image's entry point wraps this in a virtual display.
CMD ["node", "dist/main.js"]
