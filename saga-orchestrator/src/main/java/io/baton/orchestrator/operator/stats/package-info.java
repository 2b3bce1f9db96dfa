/** How many sagas there are, how they fare and what they wait for: one count behind the page, the gauges and the health. */
@NullMarked
package io.baton.orchestrator.operator.stats;

import org.jspecify.annotations.NullMarked;
