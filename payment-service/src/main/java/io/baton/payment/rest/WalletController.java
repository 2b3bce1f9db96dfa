package io.baton.payment.rest;

import io.baton.contract.Money;
import io.baton.http.IdempotencyKey;
import io.baton.http.IdempotencyKeys;
import io.baton.http.ProblemException;
import io.baton.http.ProblemType;
import io.baton.http.Violation;
import io.baton.http.access.Caller;
import io.baton.http.access.Opening;
import io.baton.payment.Wallet;
import io.baton.payment.WalletAccounts;
import io.baton.payment.WalletAccounts.CreditResult;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What customers hold with us. */
@RestController
@RequestMapping("/wallets/{customerId}")
class WalletController {

    private static final ProblemType OTHER_CURRENCY =
            new ProblemType("wallet-currency-differs", 409, "The wallet is kept in another currency");
    private static final ProblemType WALLET_FULL =
            new ProblemType("wallet-full", 409, "The wallet cannot hold that much");

    private final WalletAccounts accounts;
    private final IdempotencyKeys idempotencyKeys;
    private final TransactionTemplate transactions;

    WalletController(WalletAccounts accounts, IdempotencyKeys idempotencyKeys, TransactionTemplate transactions) {
        this.accounts = accounts;
        this.idempotencyKeys = idempotencyKeys;
        this.transactions = transactions;
    }

    /** Money came in, and made the wallet if there was none: 201 with the wallet as it is now. */
    @PostMapping("/credits")
    ResponseEntity<?> credit(
            @PathVariable String customerId, @Nullable IdempotencyKey key, @RequestBody CreditRequest request) {
        CustomerIds.requireOne(customerId);
        Money amount = request.checkedAmount();
        return Objects.requireNonNull(transactions.execute(status -> idempotencyKeys.once(
                "POST /wallets/" + customerId + "/credits", key, request, () -> credit(customerId, amount))));
    }

    private ResponseEntity<WalletBody> credit(String customerId, Money amount) {
        return switch (accounts.credit(customerId, amount)) {
            case CreditResult.Credited(var wallet) -> ResponseEntity.status(201).body(WalletBody.of(wallet));
            case CreditResult.OtherCurrency(String currency) -> throw new ProblemException(
                    OTHER_CURRENCY,
                    "The wallet is kept in " + currency + "; credit it in that currency.",
                    List.of(new Violation(
                            "/amount/currency", "WALLET_CURRENCY_DIFFERS", "Expected " + currency + ".")));
            case CreditResult.TooMuch() -> throw new ProblemException(
                    WALLET_FULL,
                    "The wallet would hold more than it can; credit less.",
                    List.of(new Violation("/amount/amount", "WALLET_FULL", "Expected a smaller amount.")));
        };
    }

    @GetMapping
    WalletBody wallet(@PathVariable String customerId, Caller caller) {
        Optional<Wallet> found = CustomerIds.isOne(customerId) && caller.mayActFor(customerId)
                ? accounts.find(customerId)
                : Optional.empty();
        return found.map(WalletBody::of)
                .orElseThrow(() ->
                        ProblemException.notFound("This customer has no wallet; its first credit makes one."));
    }

    @Configuration(proxyBeanMethods = false)
    static class OpenToCustomers {

        @Bean
        Opening seeingWallets() {
            return new Opening(HttpMethod.GET, "/wallets/{customerId}", Opening.To.CUSTOMERS);
        }
    }
}
