package io.baton.http.access;

import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.oauth2.jwt.Jwt;

/** What a token makes of whoever has it: an operator or a viewer if it says so, else a customer. */
final class TokenRoles implements Converter<Jwt, Collection<GrantedAuthority>> {

    private final String[] path;

    /** @param claim with dots for claims within claims */
    TokenRoles(String claim) {
        this.path = claim.split("\\.");
    }

    @Override
    public Collection<GrantedAuthority> convert(Jwt token) {
        @Nullable Object roles = token.getClaims();
        for (String name : path) {
            roles = roles instanceof Map<?, ?> claims ? claims.get(name) : null;
        }
        return role(roles).authorities();
    }

    private static Role role(@Nullable Object roles) {
        if (roles instanceof Collection<?> words) {
            return words.contains(Role.OPERATOR.word())
                    ? Role.OPERATOR
                    : words.contains(Role.VIEWER.word()) ? Role.VIEWER : Role.CUSTOMER;
        }
        return Role.OPERATOR.word().equals(roles)
                ? Role.OPERATOR
                : Role.VIEWER.word().equals(roles) ? Role.VIEWER : Role.CUSTOMER;
    }
}
