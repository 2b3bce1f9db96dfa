package io.baton.lab.stack;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** What stands for a service or the simulator here: a program that is ready, and needs what a service is given. */
public final class StandIn {

    private static final List<String> MODULES = List.of(
            "order-service",
            "payment-service",
            "inventory-service",
            "delivery-service",
            "saga-orchestrator",
            "lab/provider-simulator");

    private StandIn() {}

    public static void main(String[] arguments) throws IOException {
        int port = arguments.length == 0
                ? Integer.parseInt(System.getenv("SERVER_PORT"))
                : Integer.parseInt(arguments[List.of(arguments).indexOf("--port") + 1]);
        if (arguments.length == 0 && System.getenv("SPRING_DATASOURCE_PASSWORD").isEmpty()) {
            throw new IllegalStateException("no password");
        }
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/readyz", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    /** A checkout that was built, with stand-ins for all programs; one of them may be broken. */
    static Path checkout(Path directory, String broken) throws IOException {
        for (String module : MODULES) {
            Path target = Files.createDirectories(directory.resolve(module).resolve("target"));
            String name = Path.of(module).getFileName().toString();
            write(target.resolve(name + "-0.1.0-SNAPSHOT.jar"), module.equals(broken));
        }
        return directory;
    }

    private static void write(Path jar, boolean broken) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, broken ? "not.There" : StandIn.class.getName());
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(file, manifest)) {
            String name = StandIn.class.getName().replace('.', '/') + ".class";
            entries.putNextEntry(new JarEntry(name));
            try (var bytes = StandIn.class.getClassLoader().getResourceAsStream(name)) {
                bytes.transferTo(entries);
            }
        }
    }
}
