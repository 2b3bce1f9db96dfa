package io.baton.payment.gateway;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says at a failed start what to set. */
final class UnfitGatewayUrlFailureAnalyzer extends AbstractFailureAnalyzer<UnfitGatewayUrlException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnfitGatewayUrlException cause) {
        return new FailureAnalysis(
                String.valueOf(cause.getMessage()),
                "Set baton.gateway.url (environment variable BATON_GATEWAY_URL) to the gateway's address, such as"
                        + " https://gateway.example.",
                cause);
    }
}
