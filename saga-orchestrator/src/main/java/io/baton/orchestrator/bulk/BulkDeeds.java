package io.baton.orchestrator.bulk;

import io.baton.orchestrator.execution.Deed;
import java.util.Map;

/** Knows what an action is. */
public interface BulkDeeds {

    /**
     * What is to be done to each saga.
     *
     * @throws RuntimeException if there is no such action, or it cannot be done with these members
     */
    Deed deed(String action, Map<String, String> members);
}
