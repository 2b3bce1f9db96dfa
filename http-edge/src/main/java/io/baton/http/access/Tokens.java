package io.baton.http.access;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.security.converter.RsaKeyConverters;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.JwtValidators;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.SupplierJwtDecoder;
import org.springframework.web.client.RestTemplate;

/** Checks tokens: signed by the issuer in the one algorithm, for us, not expired, and with a name in them. */
final class Tokens {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final int LEAST_KEY_BITS = 2048;
    private static final int LONGEST_NAME = 128;
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private Tokens() {}

    /** @throws UnfitSettingException if a setting is missing or would let in more than it should */
    static JwtDecoder decoder(AccessProperties.Jwt settings) {
        String issuer = required(settings.issuer(), "issuer", "the issuer's URL, as it stands in its tokens");
        String audience = required(settings.audience(), "audience", "the name under which the issuer knows this service");
        required(settings.nameClaim(), "name-claim", "the claim that names the customer");
        required(settings.rolesClaim(), "roles-claim", "the claim that holds viewer or operator");
        SignatureAlgorithm algorithm = SignatureAlgorithm.from(settings.algorithm());
        if (algorithm == null) {
            throw unfit("The algorithm of tokens is none with a public key.", "algorithm",
                    "RS256 or another of RS, PS and ES with 256, 384 or 512");
        }
        OAuth2TokenValidator<Jwt> validator = validator(issuer, audience, settings.nameClaim());
        if (settings.publicKey() != null) {
            if (settings.jwkSetUri() != null) {
                throw unfit("There are two sources of keys.", "public-key", "the key, and remove jwk-set-uri, or reverse");
            }
            if (algorithm.getName().startsWith("ES")) {
                throw unfit("The public key is one of RSA and the algorithm is not.", "algorithm", "RS256");
            }
            NimbusJwtDecoder decoder = NimbusJwtDecoder.withPublicKey(key(settings.publicKey()))
                    .signatureAlgorithm(algorithm).build();
            decoder.setJwtValidator(validator);
            return decoder;
        }
        String keys = settings.jwkSetUri() == null ? issuer : settings.jwkSetUri();
        String source = settings.jwkSetUri() == null ? "issuer" : "jwk-set-uri";
        if (!isSafe(keys)) {
            throw unfit("Keys would come over a connection that anybody can change.", source, "a URL with https");
        }
        // Asked for with the first token, so that a start does not depend on the issuer.
        return new SupplierJwtDecoder(() -> {
            NimbusJwtDecoder decoder = (settings.jwkSetUri() == null
                            ? NimbusJwtDecoder.withIssuerLocation(issuer)
                            : NimbusJwtDecoder.withJwkSetUri(keys))
                    .jwsAlgorithm(algorithm).restOperations(patientClient()).build();
            decoder.setJwtValidator(validator);
            return decoder;
        });
    }

    private static OAuth2TokenValidator<Jwt> validator(String issuer, String audience, String nameClaim) {
        JwtTimestampValidator times = new JwtTimestampValidator();
        times.setAllowEmptyExpiryClaim(false);
        return JwtValidators.createDefaultWithValidators(List.of(
                times,
                new JwtIssuerValidator(issuer),
                rule("aud", token -> token.getAudience() != null && token.getAudience().contains(audience)),
                rule(nameClaim, token -> isName(token.getClaims().get(nameClaim)))));
    }

    private static OAuth2TokenValidator<Jwt> rule(String claim, Predicate<Jwt> fits) {
        OAuth2TokenValidatorResult failure =
                OAuth2TokenValidatorResult.failure(new OAuth2Error("invalid_token", "The claim " + claim + " is not valid", null));
        return token -> fits.test(token) ? OAuth2TokenValidatorResult.success() : failure;
    }

    private static boolean isName(@Nullable Object claim) {
        return claim instanceof String name && !name.isBlank() && name.length() <= LONGEST_NAME
                && name.chars().noneMatch(Character::isISOControl);
    }

    private static RSAPublicKey key(Resource location) {
        RSAPublicKey key;
        try (InputStream in = location.getInputStream()) {
            key = RsaKeyConverters.x509().convert(in);
        } catch (IOException | IllegalArgumentException e) {
            throw unfit("The public key cannot be read.", "public-key", "the place of a PEM file with PUBLIC KEY in it");
        }
        if (key == null || key.getModulus().bitLength() < LEAST_KEY_BITS) {
            throw unfit("The public key is too short.", "public-key", "that of an RSA key of 2048 bits or more");
        }
        return key;
    }

    private static boolean isSafe(String url) {
        try {
            URI uri = URI.create(url);
            return uri.getHost() != null
                    && ("https".equals(uri.getScheme())
                            || "http".equals(uri.getScheme()) && LOOPBACK.contains(uri.getHost()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static RestTemplate patientClient() {
        SimpleClientHttpRequestFactory requests = new SimpleClientHttpRequestFactory();
        requests.setConnectTimeout(PATIENCE);
        requests.setReadTimeout(PATIENCE);
        return new RestTemplate(requests);
    }

    private static String required(@Nullable String value, String setting, String expected) {
        if (value == null || value.isBlank()) {
            throw unfit("How tokens are checked is not set: " + setting + " is missing.", setting, expected);
        }
        return value;
    }

    private static UnfitSettingException unfit(String message, String setting, String expected) {
        return new UnfitSettingException(message, "Set baton.security.jwt." + setting + " to " + expected + ".");
    }
}
