package io.baton.http.access;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/** Knows those who run this system by name and password, and slows down whoever guesses. */
final class OperatorAuthentication implements AuthenticationProvider {

    private static final Logger log = LoggerFactory.getLogger(OperatorAuthentication.class);

    private final KnownOperators operators;
    private final WrongCredentials wrong;

    OperatorAuthentication(KnownOperators operators, WrongCredentials wrong) {
        this.operators = operators;
        this.wrong = wrong;
    }

    @Override
    public Authentication authenticate(Authentication attempt) {
        String name = attempt.getName();
        String address = attempt.getDetails() instanceof WebAuthenticationDetails details
                ? String.valueOf(details.getRemoteAddress())
                : "";
        wrong.refuseIfTooMany(name, address);
        Object credentials = attempt.getCredentials();
        KnownOperator operator = operators.find(name, credentials == null ? "" : credentials.toString());
        if (operator == null) {
            log.warn("Wrong credentials for {} from {}", name, address);
            wrong.count(name, address);
            throw new BadCredentialsException("Wrong user or password");
        }
        wrong.forget(name, address);
        return UsernamePasswordAuthenticationToken.authenticated(
                operator.name(), null, operator.role().authorities());
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
    }
}
