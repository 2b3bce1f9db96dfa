package io.baton.lab.system;

import static org.awaitility.Awaitility.await;

import io.baton.lab.running.RunningStack;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** The operators' console of a running stack in a real browser. Screenshots go to {@code target/screenshots}. */
final class Console implements AutoCloseable {

    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ChromeDriver driver;
    private final String url;

    /** Opens the console and signs in as the stack's operator. */
    Console(RunningStack stack) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments(
                "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--hide-scrollbars");
        driver = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(DRIVER.toFile())
                        .usingAnyFreePort()
                        .build(),
                options);
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", 1400, "height", 900, "deviceScaleFactor", 1, "mobile", false));
        url = stack.managementUrl("saga-orchestrator") + "/actuator/sagaconsole";
        driver.get(url.replace("://", "://" + stack.operatorCredentials() + "@").replace("sagaconsole", "signin"));
        open("overview");
    }

    static boolean canBeOpened() {
        return Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER);
    }

    /** Goes to a page, as {@code groups}. */
    void open(String page) {
        driver.get("about:blank");
        driver.get(url + "#/" + page);
    }

    String text() {
        return String.valueOf(
                Objects.requireNonNullElse(driver.executeScript("return document.body.innerText"), ""));
    }

    /** Waits until the page says so. */
    void sees(String text) {
        until("see '" + text + "'", () -> text().contains(text));
    }

    /** Waits until the button can be pressed, and presses it: of the open dialog, if there is one. */
    void press(String text) {
        By open = By.xpath("//dialog[@open]");
        until("press '" + text + "'", () -> {
            String scope = driver.findElements(open).isEmpty() ? "" : "//dialog[@open]";
            List<WebElement> buttons =
                    driver.findElements(By.xpath(scope + "//button[normalize-space()='" + text + "']"));
            if (buttons.isEmpty() || buttons.getFirst().getAttribute("aria-disabled") != null) {
                return false;
            }
            buttons.getFirst().click();
            return true;
        });
    }

    void follow(String text) {
        until("follow '" + text + "'", () -> {
            List<WebElement> links = driver.findElements(By.partialLinkText(text));
            if (links.isEmpty()) {
                return false;
            }
            links.getFirst().click();
            return true;
        });
    }

    /** Types into the one field that fits. */
    void fill(String css, String text) {
        until("fill " + css, () -> {
            List<WebElement> fields = driver.findElements(By.cssSelector(css));
            if (fields.isEmpty()) {
                return false;
            }
            fields.getFirst().clear();
            fields.getFirst().sendKeys(text);
            return true;
        });
    }

    void screenshot(String name) {
        try {
            Path file = RunningStack.root().resolve("lab/system-tests/target/screenshots/" + name + ".png");
            Files.createDirectories(file.getParent());
            Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        driver.quit();
    }

    private void until(String what, BooleanSupplier condition) {
        try {
            await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(() -> {
                try {
                    return condition.getAsBoolean();
                } catch (StaleElementReferenceException e) {
                    return false;
                }
            });
        } catch (org.awaitility.core.ConditionTimeoutException e) {
            throw new AssertionError("Expected to " + what + " on a page that says:\n" + text(), e);
        }
    }
}
