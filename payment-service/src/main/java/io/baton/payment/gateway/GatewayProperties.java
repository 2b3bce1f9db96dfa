package io.baton.payment.gateway;

import java.net.URI;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the card gateway is called. How patiently one call is made is said by
 * {@code resilience4j.*.instances.card-gateway}.
 *
 * @param url where the gateway is, as {@code https://gateway.example}; must be set
 * @param connectTimeout how long a connection may take
 * @param parallelCalls calls that this process makes at the same time, at most
 * @param lease after how long a call that was begun is taken for lost, and made again with the same key. More than one
 *     call takes with all its tries, or two processes would make it at a time, which is harmless but useless
 * @param pollInterval how often to look for calls that another process left behind
 * @param retryDelayMax the longest pause between two tries of one call
 */
@ConfigurationProperties("baton.gateway")
record GatewayProperties(
        @Nullable String url,
        @DefaultValue("1s") Duration connectTimeout,
        @DefaultValue("32") int parallelCalls,
        @DefaultValue("10s") Duration lease,
        @DefaultValue("1s") Duration pollInterval,
        @DefaultValue("10s") Duration retryDelayMax) {

    GatewayProperties {
        require(parallelCalls >= 1 && parallelCalls <= 1_000, "parallel-calls must be from 1 to 1000");
        require(isPositive(connectTimeout), "connect-timeout must be more than zero");
        require(isPositive(lease), "lease must be more than zero");
        require(isPositive(pollInterval), "poll-interval must be more than zero");
        require(isPositive(retryDelayMax), "retry-delay-max must be more than zero");
    }

    /** @throws UnfitGatewayUrlException if it is missing, or no address of a server */
    URI requiredUrl() {
        if (url == null || url.isBlank()) {
            throw new UnfitGatewayUrlException("The address of the card gateway is missing.");
        }
        URI uri;
        try {
            uri = URI.create(url.strip());
        } catch (IllegalArgumentException e) {
            throw new UnfitGatewayUrlException("The address of the card gateway is not a URL.");
        }
        boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
        if (!http || uri.getHost() == null) {
            throw new UnfitGatewayUrlException(
                    "The address of the card gateway is not an http or https URL with a host.");
        }
        if (uri.getRawUserInfo() != null || uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new UnfitGatewayUrlException(
                    "The address of the card gateway holds credentials, a query or a fragment, which are not used.");
        }
        return uri;
    }

    private static boolean isPositive(Duration duration) {
        return !duration.isNegative() && !duration.isZero();
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException("baton.gateway." + sentence);
        }
    }
}
