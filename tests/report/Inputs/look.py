"""Looks at reports as their readers do. usage: look.py PAGE.html HOSTILE.html"""
import os
import sys

from browser import Browser

WIDTHS = (375, 1440)
page, hostile = ("file://" + os.path.abspath(path) for path in sys.argv[1:])
TEXT = "document.body.innerText"


def resize(browser, width):
    browser.send("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)


def each_look(browser):
    for width in WIDTHS:
        for is_dark in (False, True):
            resize(browser, width)
            browser.dark(is_dark)
            yield width, is_dark


def check_open(browser):
    sections = browser.value("[...document.querySelectorAll('main > section')].map((section) => section.id)")
    links = browser.value("[...document.querySelectorAll('nav a')].map((link) => link.hash.slice(1))")
    assert links == sections[1:], (links, sections)
    assert "-O2" in browser.value("document.querySelector('h1').textContent")
    print("opens from a file: " + " ".join(sections))


def check_width(browser):
    for url in (page, hostile):
        browser.open(url)
        for width, _ in each_look(browser):
            wide = browser.value(
                "[document.documentElement, ...document.querySelectorAll('main *')].filter((element) => {"
                " if (element.closest('.scroll') && !element.matches('.scroll')) return false;"
                " if (element instanceof SVGElement && element.tagName !== 'svg') return false;"
                " if (element.matches('.heard')) return false;"
                " const box = element.getBoundingClientRect();"
                " return box.right > innerWidth + 0.5 || box.left < -0.5; }).map((element) => element.outerHTML.slice(0, 200))")
            scrolls = browser.value("document.documentElement.scrollWidth")
            assert not wide and scrolls <= width, (url, width, scrolls, wide)
    browser.open(page)
    print("no wider than the page at 375 and 1440, in light and dark, whatever the names")


def check_plots(browser):
    for width in WIDTHS:
        resize(browser, width)
        shown = browser.value("[...document.querySelectorAll('figure')].map((figure) => [...figure.querySelectorAll('svg')]"
                              ".filter((plot) => plot.getBoundingClientRect().width > 0).length)")
        assert shown and set(shown) == {1}, shown
        beyond = browser.value(
            "[...document.querySelectorAll('svg.plot text')].filter((text) => {"
            " const box = text.getBoundingClientRect(), plot = text.ownerSVGElement.getBoundingClientRect();"
            " return box.width && (box.left < plot.left - 1 || box.right > plot.right + 1 || box.top < plot.top - 1"
            " || box.bottom > plot.bottom + 1); }).map((text) => text.textContent)")
        assert not beyond, (width, beyond)
    print("a plot for each width, and every text within it")


def check_schemes(browser):
    def colours():
        return browser.value("['body', '#ranking svg.plot text', '#ranking svg.plot .dots'].map((selector) => {"
                             " const style = getComputedStyle(document.querySelector(selector));"
                             " return [style.backgroundColor, style.color, style.fill, style.stroke]; })")
    looks = []
    for is_dark in (False, True):
        browser.dark(is_dark)
        looks.append(colours())
    assert all(light != dark for light, dark in zip(*looks)), looks
    print("light and dark differ, in plots, too")


def focused(browser):
    return browser.value("document.activeElement.id || document.activeElement.getAttribute('aria-label') || ''")


def tab_to(browser, wanted):
    for _ in range(100):
        browser.press("Tab")
        if focused(browser) == wanted:
            return
    raise AssertionError("not reached by keys: " + wanted)


def check_names(browser):
    resize(browser, 1440)
    browser.value("document.querySelector('h1').scrollIntoView()")
    assert "lua5.4" in browser.value(TEXT)
    tab_to(browser, "hide-names")
    browser.press(" ")
    browser.wait("document.querySelector('#hide-names').checked")
    visible = browser.value("[...document.querySelectorAll('.name')].filter((name) => name.getClientRects().length).length")
    letters = browser.value("[...document.querySelectorAll('#ranking .wide .alias')].map((alias) => alias.textContent)")
    assert visible == 0 and letters == list("ABCDEFG"), (visible, letters)
    text = browser.value(TEXT)
    assert text.count("lua5.4") == 1 and "They are" in text, text.count("lua5.4")
    browser.press(" ")
    browser.wait("!document.querySelector('#hide-names').checked")
    assert browser.value(TEXT).count("lua5.4") > 1
    print("names are hidden by keys, everywhere, and come back")


def check_keys(browser):
    browser.value("document.activeElement.blur()")
    tab_to(browser, "Ratios and verdicts, program by program")
    print("tables that scroll are reached by keys")


def check_requests(browser):
    others = [url for url in browser.requests if url not in (page, hostile) and not url.startswith("data:")]
    assert not others and not browser.failures, (others, browser.failures)
    print("nothing was asked for, and nothing went wrong")


with Browser() as browser:
    browser.open(page)
    for check in (check_open, check_width, check_plots, check_schemes, check_names, check_keys, check_requests):
        check(browser)
