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
    private final WrongCredentialsMeter meter;

    OperatorAuthentication(KnownOperators operators, WrongCredentials wrong, WrongCredentialsMeter meter) {
        this.operators = operators;
        this.wrong = wrong;
        this.meter = meter;
    }

    @Override
    public Authentication authenticate(Authentication attempt) {
        String name = attempt.getName();
        String address = attempt.getDetails() instanceof WebAuthenticationDetails details
                ? String.valueOf(details.getRemoteAddress())
                : "";
        try {
            wrong.refuseIfTooMany(name, address);
        } catch (TooManyAttemptsException e) {
            meter.password();
            throw e;
        }
        Object credentials = attempt.getCredentials();
        KnownOperator operator = operators.find(name, credentials == null ? "" : credentials.toString());
        if (operator == null) {
            log.warn("Wrong credentials for {} from {}", name, address);
            wrong.count(name, address);
            meter.password();
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
