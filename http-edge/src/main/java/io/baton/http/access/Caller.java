package io.baton.http.access;

import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.core.Authentication;

/**
 * Who makes a request, as far as a customer's things are concerned. A controller method takes it as a parameter; it
 * answers for what is another customer's as for what does not exist.
 *
 * @param customer the only customer whose things the caller may see and change; null for whoever may do so for all
 */
public record Caller(@Nullable String customer) {

    /** Operators, viewers, and in a demonstration everybody. What viewers may not change, the rules have refused before. */
    static final Caller FOR_ALL = new Caller(null);

    static Caller of(@Nullable Authentication authentication) {
        if (authentication == null || authentication instanceof AnonymousAuthenticationToken) {
            // Comes here only where a path is open to everybody, or in a demonstration.
            return FOR_ALL;
        }
        boolean isCustomer = authentication.getAuthorities().stream()
                .anyMatch(authority -> "ROLE_CUSTOMER".equals(authority.getAuthority()));
        return isCustomer ? new Caller(authentication.getName()) : FOR_ALL;
    }

    /** Whether the caller may see and change what belongs to this customer; null if it belongs to nobody known. */
    public boolean mayActFor(@Nullable String customerId) {
        return customer == null || customer.equals(customerId);
    }
}
