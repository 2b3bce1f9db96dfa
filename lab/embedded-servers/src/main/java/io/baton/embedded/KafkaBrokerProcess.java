package io.baton.embedded;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import kafka.Kafka;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;

/** What runs in the broker's own JVM: formats the storage when it is new, then becomes Apache Kafka's own main. */
final class KafkaBrokerProcess {

    private KafkaBrokerProcess() {}

    /** Arguments: the broker's properties file, the directory of its logs, the node id. */
    public static void main(String[] arguments) throws Exception {
        String properties = arguments[0];
        Path logs = Path.of(arguments[1]);
        if (!Files.exists(logs.resolve("meta.properties"))) {
            new Formatter()
                    .setPrintStream(System.out)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(Integer.parseInt(arguments[2]))
                    .setControllerListenerName("CONTROLLER")
                    .setDirectories(List.of(logs.toString()))
                    .setMetadataLogDirectory(logs.toString())
                    .run();
        }
        Kafka.main(new String[] {properties});
    }
}
