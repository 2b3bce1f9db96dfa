package io.baton.http.access;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Prints what to set instead of a stack trace. */
final class UnfitSettingFailureAnalyzer extends AbstractFailureAnalyzer<UnfitSettingException> {

    @Override
    protected FailureAnalysis analyze(Throwable rootFailure, UnfitSettingException cause) {
        return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.action(), cause);
    }
}
