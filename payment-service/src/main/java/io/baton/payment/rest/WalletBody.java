package io.baton.payment.rest;

import io.baton.http.MoneyJson;
import io.baton.payment.Wallet;

/** A wallet as clients see it. */
record WalletBody(String customerId, MoneyJson balance) {

    static WalletBody of(Wallet wallet) {
        return new WalletBody(wallet.customerId(), MoneyJson.of(wallet.balance()));
    }
}
