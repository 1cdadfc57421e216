// An element as an object of its children; one child of a name is no list. Enough of xml2json 0.2.4
// for open311 0.0.12, which reads the answer to a POST with it.
const { DOMParser } = require('@xmldom/xmldom')

exports.toJson = text => {
  const root = new DOMParser().parseFromString(text, 'text/xml').documentElement
  return { [root.nodeName]: plain(root) }
}

function plain(element) {
  const children = Array.from(element.childNodes).filter(node => node.nodeType === 1)
  if (children.length === 0) return element.textContent || {}
  return Object.fromEntries(children.map(child => [child.nodeName, plain(child)]))
}
