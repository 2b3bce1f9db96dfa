package io.baton.http.access;

import java.util.List;
import java.util.Locale;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;

/** What somebody is to this system. */
enum Role {
    /** Sees and makes what is their own. */
    CUSTOMER,
    /** Reads everything, changes nothing. */
    VIEWER,
    /** Does everything that a viewer does, and acts. */
    OPERATOR;

    /** As they stand in the configuration and in tokens: {@code viewer}. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    List<GrantedAuthority> authorities() {
        return this == OPERATOR
                ? AuthorityUtils.createAuthorityList("ROLE_OPERATOR", "ROLE_VIEWER")
                : AuthorityUtils.createAuthorityList("ROLE_" + name());
    }
}
