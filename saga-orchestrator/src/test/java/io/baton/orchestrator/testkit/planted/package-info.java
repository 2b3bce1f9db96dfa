/** Mistakes that others have made, planted in the production code one at a time, for the fault matrix to find. */
@NullMarked
package io.baton.orchestrator.testkit.planted;

import org.jspecify.annotations.NullMarked;
