package io.baton.payment;

import org.springframework.data.repository.Repository;

/** Every change of a wallet. */
interface WalletEntries extends Repository<WalletEntry, Long> {

    WalletEntry save(WalletEntry entry);
}
