package io.baton.orchestrator.operator;

import java.util.Locale;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.stereotype.Component;

/** Where what is to be done about a stuck saga can be read: a page for each reason, which the console serves. */
@Component
class Runbook {

    private final String pages;

    Runbook(WebEndpointProperties endpoints) {
        pages = endpoints.getBasePath() + "/sagaconsole/runbook/";
    }

    /** The path of the page about a reason for being stuck, below the management port. */
    String page(String code) {
        return pages + code.toLowerCase(Locale.ROOT).replace('_', '-') + ".md";
    }
}
