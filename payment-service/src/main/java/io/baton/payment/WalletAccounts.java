package io.baton.payment;

import io.baton.contract.Money;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Keeps what customers hold with us. */
@Service
@Transactional
public class WalletAccounts {

    private final Wallets wallets;
    private final WalletEntries entries;
    private final ObjectProvider<LockedMoney> lockedMoney;
    private final Clock clock;

    WalletAccounts(
            Wallets wallets, WalletEntries entries, ObjectProvider<LockedMoney> lockedMoney, Clock clock) {
        this.wallets = wallets;
        this.entries = entries;
        this.lockedMoney = lockedMoney;
        this.clock = clock;
    }

    /** What became of the wish to credit. */
    public sealed interface CreditResult {

        /** The money is in the wallet, which was made if there was none. */
        record Credited(Wallet wallet) implements CreditResult {}

        /** The wallet is kept in another currency; nothing was added. */
        record OtherCurrency(String currency) implements CreditResult {}

        /** The wallet would hold more than can be counted; nothing was added. */
        record TooMuch() implements CreditResult {}
    }

    /**
     * Puts money into the customer's wallet. Not idempotent: the same again is more money.
     *
     * @param amount more than zero
     */
    public CreditResult credit(String customerId, Money amount) {
        LockedMoney money = lockedMoney.getObject();
        Wallet wallet = money.wallet(customerId);
        if (wallet == null) {
            wallets.create(customerId, amount.currency());
            wallet = Objects.requireNonNull(money.createdWallet(customerId));
        }
        if (!wallet.balance().currency().equals(amount.currency())) {
            return new CreditResult.OtherCurrency(wallet.balance().currency());
        }
        try {
            wallet.add(amount);
        } catch (ArithmeticException e) {
            return new CreditResult.TooMuch();
        }
        entries.save(new WalletEntry(
                customerId, WalletEntry.Kind.CREDIT, amount.minorUnits(), null, clock.instant()));
        return new CreditResult.Credited(wallet);
    }

    /** What the customer holds; nothing if he never held any. */
    @Transactional(readOnly = true)
    public Optional<Wallet> find(String customerId) {
        return wallets.findById(customerId);
    }
}
