package io.baton.orchestrator.testkit.planted;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/**
 * Our classes once more, beside those that the tests run with, with a few of them compiled from changed sources. The
 * servers that tests share are shared with it.
 */
final class MistakenProgram extends ClassLoader {

    private static final String OURS = "io.baton.";
    private static final List<String> SHARED = List.of("io.baton.messaging.test.", "io.baton.lab.");

    private final Path changed;

    private MistakenProgram(Path changed) {
        super(MistakenProgram.class.getClassLoader());
        this.changed = changed;
    }

    /**
     * Compiles the changed sources.
     *
     * @param directory for the classes; empty
     * @throws IllegalStateException if a source is not as expected, or does not compile
     */
    static MistakenProgram with(List<Edit> edits, Path directory) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Edit edit : edits) {
            texts.put(edit.type(), edit.applyTo(texts.getOrDefault(edit.type(), edit.originalText())));
        }
        List<JavaFileObject> sources = texts.entrySet().stream()
                .map(source -> (JavaFileObject) new Source(source.getKey(), source.getValue()))
                .toList();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        List<String> options = List.of(
                "-proc:none", "-parameters", "-nowarn", "-d", directory.toString(), "-cp", classpath());
        if (!compiler.getTask(said, null, null, options, null, sources).call()) {
            throw new IllegalStateException("Expected the planted mistake to compile but the compiler said " + said);
        }
        return new MistakenProgram(directory);
    }

    /** Surefire may start the tests with a jar that only points to the class path. */
    private static String classpath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith(OURS) || SHARED.stream().anyMatch(name::startsWith)) {
            return getParent().loadClass(name);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> known = findLoadedClass(name);
            return known == null ? define(name) : known;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        String file = name.replace('.', '/') + ".class";
        try (InputStream in = Files.exists(changed.resolve(file))
                ? Files.newInputStream(changed.resolve(file))
                : getParent().getResourceAsStream(file)) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            byte[] bytes = in.readAllBytes();
            return defineClass(name, bytes, 0, bytes.length);
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    private static final class Source extends SimpleJavaFileObject {

        private final String text;

        Source(String type, String text) {
            super(URI.create("string:///" + type.replace('.', '/') + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }
}
