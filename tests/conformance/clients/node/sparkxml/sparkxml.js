// XML by the Spark convention, guessing as its first author did: an element of one child, or of
// children of one name, is a list; what looks like a number is one. open311 0.0.12 asks for it by an
// address of git, which no registry has.
const { DOMParser } = require('@xmldom/xmldom')

exports.parseXml = text => plain(new DOMParser().parseFromString(text, 'text/xml').documentElement)

function plain(element) {
  const children = Array.from(element.childNodes).filter(node => node.nodeType === 1)
  if (children.length === 0) return guessed(element.textContent)
  const names = new Set(children.map(child => child.nodeName))
  if (names.size < children.length || children.length === 1) return children.map(plain)
  return Object.fromEntries(children.map(child => [child.nodeName, plain(child)]))
}

function guessed(text) {
  if (text === '') return null
  if (text.trim() !== '' && !Number.isNaN(Number(text))) return Number(text)
  return { true: true, false: false }[text.toLowerCase()] ?? text
}
