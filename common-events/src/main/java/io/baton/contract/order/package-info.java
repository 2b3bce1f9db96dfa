/** What is asked of the order service, what it answers, and the wish that starts an order's saga. */
@NullMarked
package io.baton.contract.order;

import org.jspecify.annotations.NullMarked;
