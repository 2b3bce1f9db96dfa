package io.baton.orchestrator.console;

import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.stereotype.Component;

/**
 * Where a browser is asked who its user is, also where everybody may look: only who has said so gets an answer, and it
 * leads back to the console.
 */
@Component
@WebEndpoint(id = SignInEndpoint.ID)
class SignInEndpoint {

    static final String ID = "signin";

    @ReadOperation(produces = "text/html")
    String page() {
        return "<!doctype html><html lang=\"en\"><meta http-equiv=\"refresh\" content=\"0;url=" + SagaConsoleEndpoint.ID
                + "\"><title>Baton</title><p><a href=\"" + SagaConsoleEndpoint.ID + "\">To the console</a></p></html>";
    }
}
