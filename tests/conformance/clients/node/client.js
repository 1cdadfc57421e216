// Drives npm's `open311` 0.0.12. Failures are given back as `{error}`.
const Open311 = require('open311')

async function main () {
  const asked = JSON.parse(await text(process.stdin))
  const client = new Open311({ endpoint: asked.endpoint, discovery: asked.discovery, format: asked.form, apiKey: asked.key })
  const told = []
  for (const [name, args] of asked.calls) {
    told.push(await new Promise(resolve => {
      client[name](...args, (error, given) => resolve(error ? { error, given } : given))
    }))
  }
  process.stdout.write(JSON.stringify({ told, endpoint: client.endpoint, form: client.format }))
}

async function text (stream) {
  let read = ''
  for await (const piece of stream) read += piece
  return read
}

main()
