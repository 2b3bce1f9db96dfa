/** Payments and wallets over HTTP: reads for everybody, writes for the operator. */
@NullMarked
package io.baton.payment.rest;

import org.jspecify.annotations.NullMarked;
