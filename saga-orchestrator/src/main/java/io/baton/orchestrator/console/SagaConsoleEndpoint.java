package io.baton.orchestrator.console;

import io.baton.http.ProblemException;
import io.baton.orchestrator.console.ConsoleFiles.ConsoleFile;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.Selector.Match;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.core.io.Resource;
import org.springframework.stereotype.Component;

/** The operators' console on the management port. Its files hold no data; a browser gets that from the other endpoints. */
@Component
@WebEndpoint(id = SagaConsoleEndpoint.ID)
class SagaConsoleEndpoint {

    static final String ID = "sagaconsole";

    private final ConsoleFiles files = new ConsoleFiles();

    @ReadOperation(produces = {"text/html", "text/javascript", "text/css", "text/markdown", "image/svg+xml"})
    WebEndpointResponse<Resource> page() {
        return file(ConsoleFiles.INDEX);
    }

    /** @throws ProblemException if there is no such file */
    @ReadOperation(produces = {"text/html", "text/javascript", "text/css", "text/markdown", "image/svg+xml"})
    WebEndpointResponse<Resource> file(@Selector(match = Match.ALL_REMAINING) String... path) {
        ConsoleFile file = files.find(String.join("/", path))
                .orElseThrow(() -> ProblemException.notFound("The console has no such file."));
        return new WebEndpointResponse<>(file.content(), WebEndpointResponse.STATUS_OK, file.type());
    }
}
