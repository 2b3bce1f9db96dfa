/** Reads every database, the gateway's ledger and the topics, and says whether each promise was kept. */
@NullMarked
package io.baton.lab.check;

import org.jspecify.annotations.NullMarked;
