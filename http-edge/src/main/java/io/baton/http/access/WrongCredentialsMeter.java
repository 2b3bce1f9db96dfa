package io.baton.http.access;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.context.ApplicationListener;
import org.springframework.security.authentication.event.AuthenticationFailureBadCredentialsEvent;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;

/** Counts wrong passwords and tokens ({@code credentials.wrong}): many of them are somebody who guesses. */
final class WrongCredentialsMeter implements ApplicationListener<AuthenticationFailureBadCredentialsEvent> {

    private final Counter passwords;
    private final Counter tokens;

    WrongCredentialsMeter(MeterRegistry registry) {
        passwords = registry.counter("credentials.wrong", "kind", "password");
        tokens = registry.counter("credentials.wrong", "kind", "token");
    }

    @Override
    public void onApplicationEvent(AuthenticationFailureBadCredentialsEvent failure) {
        (failure.getAuthentication() instanceof BearerTokenAuthenticationToken ? tokens : passwords).increment();
    }
}
