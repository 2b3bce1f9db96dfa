package io.baton.http.operator;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Prints what to set instead of a stack trace. */
final class UnfitOperatorFailureAnalyzer extends AbstractFailureAnalyzer<UnfitOperatorException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnfitOperatorException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.action(), cause);
    }
}
