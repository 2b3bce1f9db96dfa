package io.baton.orchestrator.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** One Chromium, in the words that a test of a page needs. Screenshots go to {@code target/screenshots}. */
final class Browser implements AutoCloseable {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final ChromeDriver driver;
    private final String axe;

    Browser() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .usingAnyFreePort()
                .build();
        driver = new ChromeDriver(service, options);
        try (var script = Objects.requireNonNull(Browser.class.getResourceAsStream("/axe.min.js"))) {
            axe = new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean isInstalled() {
        return Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
    }

    @Override
    public void close() {
        driver.quit();
    }

    /** Opens an address anew, even if only its fragment differs. */
    void open(String url) {
        driver.get("about:blank");
        driver.get(url);
    }

    void resize(int width, int height) {
        driver.executeCdpCommand("Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    }

    /** @param scheme light or dark */
    void prefer(String scheme) {
        driver.executeCdpCommand("Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
    }

    String text() {
        return String.valueOf(run("return document.body.innerText"));
    }

    String title() {
        return Objects.requireNonNullElse(driver.getTitle(), "");
    }

    String address() {
        return Objects.requireNonNullElse(driver.getCurrentUrl(), "");
    }

    Object run(String script, Object... arguments) {
        return Objects.requireNonNullElse(driver.executeScript(script, arguments), "");
    }

    /** The value of an asynchronous function's body, in which {@code load(name)} imports a module of the console. */
    Object module(String body) {
        return Objects.requireNonNullElse(driver.executeAsyncScript(
                "const done = arguments[0]; const load = (name) => import(new URL('sagaconsole/' + name, location.href).href);"
                        + "(async () => {" + body + "})().then(done, (e) => done('failed: ' + e.stack));"), "");
    }

    void sees(String text) {
        until("see '" + text + "' in: " + text(), () -> text().contains(text));
    }

    void seesNoMore(String text) {
        until("no longer see '" + text + "'", () -> !text().contains(text));
    }

    void until(String what, BooleanSupplier condition) {
        Awaitility.await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            try {
                return condition.getAsBoolean();
            } catch (StaleElementReferenceException e) {
                return false;
            }
        });
    }

    WebElement find(String css) {
        until("find " + css, () -> !driver.findElements(By.cssSelector(css)).isEmpty());
        return driver.findElement(By.cssSelector(css));
    }

    List<WebElement> all(String css) {
        return driver.findElements(By.cssSelector(css));
    }

    /** The innermost open dialog's, else the page's button with this text. */
    WebElement button(String text) {
        String scope = all("dialog[open]").isEmpty() ? "" : "//dialog";
        By by = By.xpath(scope + "//button[normalize-space()='" + text + "']");
        until("find the button '" + text + "'", () -> !driver.findElements(by).isEmpty());
        return driver.findElement(by);
    }

    void press(String text) {
        until("press '" + text + "'", () -> {
            WebElement button = button(text);
            if (button.getAttribute("aria-disabled") != null) {
                return false;
            }
            button.click();
            return true;
        });
    }

    void type(CharSequence... keys) {
        new Actions(driver).sendKeys(keys).perform();
    }

    String focused() {
        return String.valueOf(run("return document.activeElement.textContent || document.activeElement.nodeName"));
    }

    /** Presses Tab until what is focused begins with {@code text}. */
    void tabTo(String text) {
        for (int i = 0; i < 80; i++) {
            if (focused().startsWith(text)) {
                return;
            }
            type(Keys.TAB);
        }
        throw new AssertionError("Expected to reach '" + text + "' by 80 tabs, but '" + focused() + "' is focused");
    }

    /** Breaches of axe's rules in what is shown, as text. */
    List<?> breaches() {
        run(axe);
        return (List<?>) Objects.requireNonNull(driver.executeAsyncScript(
                "const done = arguments[0]; axe.run(document, { resultTypes: ['violations'] }).then((r) => done(r.violations"
                        + ".flatMap((v) => v.nodes.map((n) => v.id + ': ' + n.html.slice(0, 200) + ' ' + n.failureSummary))));"));
    }

    /** How many pixels of the page lie to the right of the window. */
    long overflow() {
        return ((Number) run("return Math.max(0, document.documentElement.scrollWidth - innerWidth)")).longValue();
    }

    /** What the browser complained of since it was last asked, but for answers that say no, which pages show. */
    List<String> complaints() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                .map(LogEntry::getMessage)
                .filter(message -> !message.contains("Failed to load resource"))
                .toList();
    }

    void screenshot(String name) {
        try {
            Path file = Path.of("target", "screenshots", name + ".png");
            Files.createDirectories(file.getParent());
            Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        assertThat(complaints()).isEmpty();
    }

}
