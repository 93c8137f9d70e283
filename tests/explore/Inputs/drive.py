"""Uses the page as its readers do. usage: drive.py LOOPWRIGHT PAGE.html ROOT"""
import os
import sys

from browser import Browser
from serving import Server

loopwright, page, root = sys.argv[1:]
URL = "file://" + os.path.abspath(page)


def texts(browser, selector):
    return browser.value("[...document.querySelectorAll(%r)].map((found) => found.textContent)" % selector)


def count(browser, selector):
    return len(texts(browser, selector))


def chosen(browser):
    return texts(browser, ".bytecode[aria-selected=true] .name")[0]


def check_open(browser):
    names = texts(browser, ".bytecode .name")
    assert count(browser, ".variant") == 2 and count(browser, ".pane") == 5
    assert texts(browser, ".variant-heading code") == ["-O0", "-O1"]
    assert count(browser, ".of-definition") and count(browser, ".of-ir") and count(browser, ".of-code.step")
    print("opens from a file: %s, two variants" % " ".join(sorted(names)))


def check_light(browser):
    for variant in (0, 1):
        browser.point("[...document.querySelectorAll('.variant')[%d].querySelectorAll('.of-code.step')].find("
                      "(row) => row.item.purpose === 'opcode fetch')" % variant)
        lit = browser.value("[...document.querySelectorAll('.variant')[%d].querySelectorAll('.of-ir.lit .text')].map("
                            "(line) => line.textContent)" % variant)
        assert len(lit) == 1 and "load.u16" in lit[0], lit
        line = browser.value("document.querySelector('.line.source').item.line")
        assert browser.value("document.querySelector('.of-definition.lit').item.line") == line
        colours = browser.value("[...document.querySelectorAll('.line.lit')].filter((line) => line.item.line === %d).map("
                                "(line) => line.style.getPropertyValue('--hue'))" % line)
        assert len(set(colours)) == 1 and colours[0], colours
    browser.point("document.querySelector('h1')")
    assert count(browser, ".lit") == 0
    print("pointing lights what belongs together")


def choose(browser, name):
    browser.point("[...document.querySelectorAll('.bytecode')].find((item) => item.dataset.name === %r)" % name, click=True)
    assert chosen(browser) == name


def check_helpers(browser):
    first = chosen(browser)
    choose(browser, "add")
    assert count(browser, ".helpers") and not count(browser, ".helpers[open]")
    assert browser.value("[...document.querySelectorAll('.helpers .line')].every((line) => !line.checkVisibility())")
    titles = browser.value("[...document.querySelectorAll('.of-ir')].filter((line) => line.item.helpers.length > 1).map("
                           "(line) => [line.querySelector('.helper').textContent, line.title])")
    assert titles and all(title.startswith("in %s, for the message at " % name) and "\nin " in title
                          for name, title in titles), titles[:3]
    browser.point("document.querySelector('.helpers summary')", click=True)
    browser.wait("page.views[0].helpersOpen")
    browser.point("document.querySelector('.helpers .line')")
    line = browser.value("document.querySelector('.line.source').item.line")
    assert browser.value("document.querySelector('.of-definition.lit').item.line") == line
    browser.press("c")
    browser.wait("document.querySelector('.helpers[open]')")
    choose(browser, first)
    browser.point("document.querySelector('.helpers summary')", click=True)
    browser.wait("!page.views[0].helpersOpen")
    for key in ("c", "c"):
        browser.press(key)
    assert not count(browser, ".helpers[open]")
    browser.point("document.querySelector('h1')")
    print("helpers are folded, and each operation names its own")


def check_held(browser):
    browser.point("(() => { const row = document.querySelector('.of-code.step.tinted'); return [...document.querySelectorAll("
                  "'.of-definition')].find((line) => line.item.line === row.item.line); })()", click=True)
    browser.point("document.querySelector('h1')")
    line = browser.value("document.querySelector('.held').item.line")
    assert browser.value("[...document.querySelectorAll('.lit')].every((lit) => lit.item.line === %d)" % line)
    assert count(browser, ".of-ir.lit") and count(browser, ".of-code.lit")
    browser.press("Escape")
    assert count(browser, ".lit") == 0
    # By keys: the next line of a pane that has the focus, and Enter.
    browser.value("document.querySelector('.code .lines').focus()")
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        browser.press(key)
    assert browser.value("document.querySelector('.held') === document.querySelectorAll('.of-code')[1]")
    browser.press("Escape")
    print("a line is held, and let go")


def check_passes(browser):
    browser.press("v")
    assert texts(browser, ".variant.active .variant-heading code") == ["-O1"]
    browser.press("Home")
    assert texts(browser, ".variant.active .step-title") == ["as lowered"]
    seen = []
    while True:
        before = texts(browser, ".variant.active .step-title")
        browser.press("ArrowRight")
        title = texts(browser, ".variant.active .step-title")
        if title == before:
            break
        seen.append(title[0])
        added, removed = count(browser, ".variant.active .ir .added"), count(browser, ".variant.active .ir .removed")
        assert added + removed, title
        assert texts(browser, ".variant.active .pipeline [aria-pressed=true]")[0].split(" ")[0] in title[0]
    assert "what cache-frame-state changed" in seen and len(seen) >= 2, seen
    for way, mark in (("before", ".added"), ("after", ".removed")):
        browser.press("c")
        assert way in texts(browser, ".variant.active .step-title")[0]
        assert count(browser, ".variant.active .ir " + mark) == 0
    browser.press("End")
    assert texts(browser, ".variant.active .step-title") == ["after all passes"]
    print("passes by keys: what each changed is marked")


def check_bytecodes(browser):
    first = chosen(browser)
    browser.press("j")
    assert chosen(browser) != first and chosen(browser) in texts(browser, ".of-ir.label .text")[0]
    browser.press("k")
    assert chosen(browser) == first
    browser.press("/")
    for key in "add":
        browser.press(key)
    assert texts(browser, ".bytecode .name") == ["add"]
    browser.press("Enter")
    assert chosen(browser) == "add"
    browser.value("const filter = document.querySelector('#filter'); filter.value = '';"
                  "filter.dispatchEvent(new Event('input'))")
    choose(browser, "pushLocal")
    assert browser.value("[...document.querySelectorAll('.of-definition')]"
                         ".some(line => line.item.text.trim().startsWith('pushLocal:'))")
    folds = count(browser, ".fold")
    browser.point("document.querySelector('.fold')", click=True)
    assert count(browser, ".fold") == folds - 1 and browser.value("document.querySelector('.of-definition').item.line") == 1
    print("bytecodes by keys, filter and mouse")


def check_panes(browser):
    shown = "[...document.querySelectorAll('.pane.code')].filter((pane) => pane.getClientRects().length).length"
    assert browser.value(shown) == 2
    browser.press("3")
    assert browser.value(shown) == 0
    browser.point("document.querySelector('[data-pane=code]')", click=True)
    assert browser.value(shown) == 2
    print("panes are hidden and shown")


def check_address(browser):
    browser.press("ArrowLeft")
    address, titles = browser.value("location.href"), texts(browser, ".step-title")
    browser.open("about:blank")
    browser.open(address)
    assert chosen(browser) == "pushLocal" and texts(browser, ".step-title") == titles
    print("the address brings back what was shown")


def check_schemes(browser):
    colours = []
    for is_dark in (False, True):
        browser.dark(is_dark)
        colours.append(browser.value("(() => { const style = getComputedStyle(document.body);"
                                     "return [style.backgroundColor, style.color]; })()"))
    assert colours[0][0] != colours[1][0] and colours[0][1] != colours[1][1], colours
    print("light and dark differ")


def check_requests(browser):
    others = [url for url in browser.requests if not url.startswith(URL) and url != "about:blank"
              and not url.startswith("data:")]
    assert not others and not browser.failures, (others, browser.failures)
    print("nothing else was asked for")


def check_served(browser):
    with Server(loopwright, "-O0", os.path.join(root, "tests/llvm/Inputs/stack-loop.mir")) as server:
        browser.open(server.url)
        browser.wait("document.querySelectorAll('.variant').length === 1 && document.querySelector('.of-code')")
        browser.point("document.querySelector('input[type=radio][value=\"1\"]')", click=True)
        browser.wait("document.querySelector('#subject').textContent.startsWith('-O1')")
        assert "cache-frame-state" in " ".join(texts(browser, ".pipeline button"))
        browser.point("document.querySelector('input[name=cache-frame-state]')", click=True)
        browser.wait("document.querySelector('#subject').textContent.startsWith('-O1 -fno-cache-frame-state')")
        assert "cache-frame-state" not in " ".join(texts(browser, ".pipeline button"))
        browser.point("document.querySelector('#compare')", click=True)
        browser.wait("document.querySelectorAll('.variant').length === 2")
        browser.value("(() => { const line = document.querySelectorAll('.flags-line')[1]; line.value = '-O9';"
                      "line.dispatchEvent(new Event('change')); })()")
        browser.wait("document.querySelector('#message.error')")
        assert "unknown level '-O9'" in texts(browser, "#message")[0]
        assert all(url.startswith(server.url) for url in browser.requests if "127.0.0.1" in url)
    print("served: switches emit, what is wrong is said, two are compared")


with Browser() as browser:
    browser.open(URL)
    for check in (check_open, check_light, check_helpers, check_held, check_passes, check_bytecodes, check_panes,
                  check_address, check_schemes, check_requests, check_served):
        check(browser)
