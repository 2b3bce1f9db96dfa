package io.baton.http.operator;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;

/**
 * Knows the operator. Compares digests in constant time; a slow hash would protect nothing, since the password itself
 * stands in the configuration, and would cost every write some 80 ms of CPU.
 */
final class OperatorAuthentication implements AuthenticationProvider {

    static final String ROLE = "OPERATOR";

    private final String name;
    private final byte[] user;
    private final byte[] password;

    OperatorAuthentication(OperatorProperties properties) {
        name = properties.requiredUser();
        user = sha256(name);
        password = sha256(properties.requiredPassword());
    }

    @Override
    public Authentication authenticate(Authentication attempt) {
        Object credentials = attempt.getCredentials();
        boolean userFits = MessageDigest.isEqual(user, sha256(attempt.getName()));
        boolean passwordFits =
                MessageDigest.isEqual(password, sha256(credentials == null ? "" : credentials.toString()));
        if (!(userFits & passwordFits)) {
            throw new BadCredentialsException("Wrong user or password");
        }
        return UsernamePasswordAuthenticationToken.authenticated(
                name, null, AuthorityUtils.createAuthorityList("ROLE_" + ROLE));
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}
