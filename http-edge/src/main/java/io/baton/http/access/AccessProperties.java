package io.baton.http.access;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;

/**
 * Who is let in, and by what.
 *
 * @param anonymousViewer whether everybody is a viewer of the management endpoints; only in the profile {@code demo}
 * @param openEndpoints management endpoints that everybody may read: of health, info and prometheus
 * @param jwt how tokens are checked; without it there are none
 */
@ConfigurationProperties("baton.security")
record AccessProperties(
        @DefaultValue("false") boolean anonymousViewer,
        @DefaultValue({"health", "info"}) Set<String> openEndpoints,
        @Nullable Jwt jwt) {

    /** The profile in which people may be anonymous and passwords known. */
    static final String DEMO = "demo";

    private static final Set<String> MAY_BE_OPEN = Set.of("health", "info", "prometheus");

    /**
     * @param issuer what a token's {@code iss} must be; where the keys are asked for if the next two are not set
     * @param audience what a token's {@code aud} must hold, so that one for another service opens nothing here
     * @param publicKey where the issuer's RSA public key is, as PEM
     * @param jwkSetUri where the issuer's keys are, if it cannot be asked
     * @param algorithm the one by which tokens must be signed
     * @param nameClaim which claim names the customer or the operator
     * @param rolesClaim which claim holds {@code viewer} or {@code operator}, of those who are no customers; with dots
     *     for claims within claims, as {@code realm_access.roles}
     */
    record Jwt(
            @Nullable String issuer,
            @Nullable String audience,
            @Nullable Resource publicKey,
            @Nullable String jwkSetUri,
            @DefaultValue("RS256") String algorithm,
            @DefaultValue("sub") String nameClaim,
            @DefaultValue("roles") String rolesClaim) {}

    /** @throws UnfitSettingException if something would be open that must not be */
    AccessProperties checked(boolean demo) {
        if (anonymousViewer && !demo) {
            throw new UnfitSettingException(
                    "Everybody would be a viewer, which only a demonstration allows.",
                    "Remove baton.security.anonymous-viewer, or run with SPRING_PROFILES_ACTIVE=demo.");
        }
        if (!MAY_BE_OPEN.containsAll(openEndpoints)) {
            throw new UnfitSettingException(
                    "A management endpoint would be open to everybody that must not be.",
                    "Set baton.security.open-endpoints to some of health, info, prometheus.");
        }
        return this;
    }
}
