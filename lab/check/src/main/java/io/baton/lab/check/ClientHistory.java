package io.baton.lab.check;

import io.baton.contract.Tsid;
import io.baton.lab.check.OrderDossier.ClientRow;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a client saw.
 *
 * @param accepted orders that it was told of, sorted by id
 * @param idsByKey the order ids that it was told for each idempotency key
 * @param rejectedKeys idempotency keys of requests that were answered with a "no"
 * @param reads by order, in the order of their beginnings
 */
record ClientHistory(
        List<ClientRow> accepted,
        Map<String, List<Long>> idsByKey,
        List<String> rejectedKeys,
        Map<Long, List<Read>> reads) {

    /** One GET: {@code version} is -1 and {@code status} null if the order was not shown. Times in milliseconds. */
    record Read(long begin, long end, int httpStatus, @Nullable String status, int version) {}

    static ClientHistory none() {
        return new ClientHistory(List.of(), Map.of(), List.of(), Map.of());
    }

    /**
     * Reads what {@code load --out} writes.
     *
     * @throws IOException if the file cannot be read
     */
    static ClientHistory read(Path file) throws IOException {
        List<ClientRow> accepted = new ArrayList<>();
        Map<String, List<Long>> idsByKey = new HashMap<>();
        List<String> rejectedKeys = new ArrayList<>();
        Map<Long, List<Read>> reads = new HashMap<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            String line;
            while ((line = lines.readLine()) != null) {
                JsonNode entry = JsonMapper.shared().readTree(line);
                String key = entry.path("key").asString(null);
                String order = entry.path("orderId").asString(null);
                String type = entry.path("type").asString("");
                if (entry.path("op").asString("").equals("GET")) {
                    reads.computeIfAbsent(Tsid.parse(entry.path("orderId").asString()), id -> new ArrayList<>())
                            .add(new Read(
                                    entry.path("t0").asLong(),
                                    entry.path("t1").asLong(),
                                    entry.path("status").asInt(),
                                    entry.path("end").asString(null),
                                    entry.path("version").asInt(-1)));
                } else if (type.equals("ok") && order != null) {
                    long id = Tsid.parse(order);
                    accepted.add(new ClientRow(id, entry.path("end").asString(null)));
                    if (key != null) {
                        idsByKey.computeIfAbsent(key, any -> new ArrayList<>(1)).add(id);
                    }
                } else if (type.equals("fail") && key != null) {
                    rejectedKeys.add(key);
                }
            }
        }
        accepted.sort(Comparator.comparingLong(ClientRow::orderId));
        reads.values().forEach(ofOne -> ofOne.sort(Comparator.comparingLong(Read::begin)));
        return new ClientHistory(accepted, idsByKey, rejectedKeys, reads);
    }
}
