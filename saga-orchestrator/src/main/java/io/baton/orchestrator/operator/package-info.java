/** What a person on call can see of sagas. */
@NullMarked
package io.baton.orchestrator.operator;

import org.jspecify.annotations.NullMarked;
