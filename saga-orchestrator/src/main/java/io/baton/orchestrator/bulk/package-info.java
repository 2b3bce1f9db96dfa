/** One wish of an operator for many sagas, done to one after the other. */
@NullMarked
package io.baton.orchestrator.bulk;

import org.jspecify.annotations.NullMarked;
