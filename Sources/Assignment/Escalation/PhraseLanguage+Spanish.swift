extension PhraseLanguage {
    static let spanish = PhraseLanguage(
        classes: [
            // Asking for a person.
            "want": """
            quiero,quisiera,querria,queremos,quiera,necesito,necesitamos,necesitaria,deseo,desearia,prefiero,\
            preferiria,exijo,exigimos,solicito,pido,me gustaria,nos gustaria,me hace falta,hace falta,me urge,\
            tengo ganas de,estoy intentando,llevo rato intentando,llevo una hora intentando,intento
            """,
            "must": "tengo que,debo,tendria que",
            "can": """
            puedo,podria,podemos,podriamos,puedes,puede,pueden,podeis,podrias,podrian,se puede,se podria,\
            es posible,seria posible,hay forma de,hay manera de,hay modo de,hay alguna forma de,\
            hay alguna manera de,habria forma de,hay posibilidad de,como puedo,como hago para,\
            que hago para,hacer para,donde puedo,dejame,dejeme,dejenme,dejadme,permitame,permiteme
            """,
            "light": """
            ya,ahora,mismo,poder,directamente,solo,solamente,simplemente,urgentemente,urgente,de una vez,mejor,\
            que,me,dejes,deje,dejen,dejeis,volver a,a,seguir,por favor,porfa,te,tambien,inmediatamente,hoy,\
            cuanto,antes
            """,
            "talk": """
            hablar,hable,chatear,conversar,platicar,charlar,dialogar,comunicarme,comunicarnos,contactar,contactarme,\
            ponerme en contacto,entrar en contacto,ser atendido,ser atendida,tratar,escribirme
            """,
            "talking": "hablando,chateando,tratando,conversando,platicando,hablar,chatear,tratar,conversar",
            "talks": "hablo,hablamos,chateo,trato",
            "adverb":
                "ya,ahora,mismo,directamente,por favor,porfa,urgentemente,de una vez,aqui,mejor,inmediatamente,hoy",
            "link": "con,por",
            "toLink": "con,a,al",
            "transferMe": """
            pasame,paseme,pasenme,pasadme,pasarme,pasarnos,ponme,pongame,ponganme,ponedme,ponerme,comunicame,\
            comuniqueme,\
            comuniquenme,conectame,conecteme,conectenme,conectarme,transfiereme,transfierame,transfieranme,\
            transferirme,derivame,deriveme,derivarme,dame,deme,denme,dadme,escalame,escaleme,redirigeme
            """,
            "transfer": """
            pasar,pases,pase,pasas,pasen,pasa,paseis,pasais,poner,pongas,ponga,pones,pongan,pongais,comunicar,\
            comunique,\
            comuniques,comunicas,comunica,conectar,conectes,conecte,conectas,transferir,transfieras,transfiera,\
            transfieran,transfieres,transfiere,derivar,derives,derive,derivas,escalar,escales,redirigir
            """,
            "det": """
            el,la,los,las,un,una,unos,algun,alguna,alguno,ningun,ninguna,otro,otra,cualquier,su,tu,sus,tus,vuestro,vuestra,un buen,\
            verdadero,verdadera,autentico,real,de los,de vuestros,uno de vuestros,alguien de,alguien del,humano,\
            maldito,\
            puto,puta,equipo de,departamento de
            """,
            "person": """
            persona,personas,humano,humana,humanos,ser humano,agente,agentes,asesor,asesora,asesores,operador,\
            operadora,\
            operadores,operario,operaria,comercial,comerciales,representante,representantes,ejecutivo,ejecutiva,\
            encargado,encargada,responsable,supervisor,supervisora,gerente,jefe,jefa,empleado,empleada,trabajador,\
            trabajadora,teleoperador,teleoperadora,tecnico,tecnica,especialista,experto,experta,alguien,gente,\
            dependiente,dependienta,vendedor,vendedora,soporte,atencion al cliente,servicio al cliente,\
            servicio tecnico,ventas,facturacion,equipo,departamento
            """,
            "who": """
            persona,humano,humana,humanos,ser humano,agente,asesor,asesora,operador,operadora,representante,\
            comercial,\
            ejecutivo,ejecutiva,supervisor,supervisora,encargado,encargada,responsable,gerente,teleoperador,\
            teleoperadora
            """,
            "alone": """
            humano,ser humano,agente,agente humano,asesor,asesora,operador,operadora,representante,persona real,\
            persona humana,persona de verdad,humano real,humano de verdad,persona de carne y hueso,agente real
            """,
            "someone": "alguien,una persona,un humano,gente,algun humano,nadie,algun agente,una persona real",
            "bot": """
            bot,bots,robot,robots,maquina,maquinas,contestador,chatbot,chatbots,ia,inteligencia artificial,\
            asistente virtual,automata,ordenador,computadora,algoritmo,programa,software,asistente automatico
            """,
            "real": "real,reales,humano,humana,humanos,de verdad,verdadera,verdadero,autentica,de carne y hueso",
            "now":
                "ya,ahora,ahora mismo,aqui,por favor,porfa,urgente,urgentemente,inmediatamente,al habla,al telefono,cuanto antes",
            "service":
                "atienda,atender,conteste,contestar,responda,responder,llame,llamar,ayude,ayudar,hable,escriba,explique,llamara,atendiera,ayudara,contestara,respondiera",
            "serviceMe": "atenderme,ayudarme,contestarme,responderme,llamarme,explicarme,atendernos,ayudarnos",
            "serviceOnly":
                "atienda,atender,conteste,contestar,responda,responder,llame,llamar,hable,llamara,atendiera,contestara,respondiera",
            "canThird": "puede,puedes,pueda,podria,pueden,podeis,podrias",
            "present": "ahi,aqui,disponible,disponibles,conectado,conectada,libre,al otro lado,en linea",
            "thatWith": "con quien,con el que,con la que,con el cual,a quien,que",
            "available": "hay,habra,habria,tienen,teneis",
            "weary":
                "harto de,harta de,hartos de,cansado de,cansada de,odio,detesto,me niego a,paso de,no soporto,aborrezco",
            "enough": "basta de,nada de,no mas,fuera",
            "starter":
                "hola,buenas,buenos dias,oye,mira,si,y,pues,vale,ok,bueno,venga,entonces,gracias,por favor,porfa",
            "about": "de,sobre,para,por,acerca,que,en",
            "of": "de soporte,de atencion,de ventas,de verdad,del equipo,de vuestro equipo",

            // Anger.
            "insult": """
            idiota,idiotas,imbecil,imbeciles,estupido,estupida,estupidos,estupidas,inutil,inutiles,incompetente,\
            incompetentes,gilipollas,subnormal,subnormales,payaso,payasos,payasa,sinverguenza,sinverguenzas,\
            mierda,mierdas,\
            porqueria,cabron,cabrones,pendejo,pendejos,pendeja,inepto,inepta,ineptos,ineptas,mamarracho,mamarrachos,\
            caradura,caraduras,cretino,cretinos,puta,putas,puto,putos,hdp,hijueputa,boludos,pelotudos,tarados,tarado,\
            asqueroso,asquerosos,asquerosa,patan,patanes,imbesil,capullo,capullos,chapuceros,jodidos
            """,
            "accusation": """
            ladron,ladrones,estafador,estafadores,timador,timadores,mentiroso,mentirosos,rateros,basura,\
            verguenza,estafa,\
            timo,asco,chiste,tontos,tonto,torpes,ratas,chorizos,desgraciados,chusma
            """,
            "youAre":
                "sois,eres,son,es,son ustedes,sois todos,vaya,menudos,menuda,dais,dan,panda de,atajo de,banda de,pareceis",
            "adverbBe":
                "unos,unas,un,una,la,el,muy,todos,tan,pura,puro,autentica,autentico,verdadera,verdaderos,puros,los,mas",

            // Leaving.
            "goTo": """
            me voy a,me voy con,me voy para,me ire a,me ire con,me cambio a,me cambio de,me cambiare a,\
            me cambiare de,\
            me paso a,me pasare a,me marcho a,nos vamos a,nos vamos con,nos cambiamos de,nos pasamos a,cambiarme a,\
            cambiarme de,cambiar de,pasarme a,irme a,irme con,ire a
            """,
            "competitor": """
            competencia,otra,otro,otros,compania,empresa,proveedor,banco,operadora,aseguradora,tienda,sitio,\
            marca,companias
            """,
            "go": "me voy,me largo,me marcho,me piro,nos vamos,me cambio,me ire,me las piro,me borro",
            "away": "de aqui,ya,ahora mismo,para siempre,de una vez,hoy mismo,y punto,y no vuelvo",
            "unsubscribe": """
            me doy de baja,me dare de baja,darme de baja,nos damos de baja,darnos de baja,daros de baja,\
            damos de baja,\
            quiero la baja,tramitar la baja,solicitar la baja,tramitadme la baja,dadme de baja,dame de baja,\
            denme de baja,\
            dar de baja,causo baja,cursar la baja
            """,
            "cancel": """
            cancelo,cancelare,cancelamos,cancelad,cancelen,cancela,cancelar,cancelarlo,cancelare ya,rescindo,\
            rescindir,\
            cierro,cerrar,cerrad,cerrare,borro,borrar,borrare,elimino,eliminar
            """,
            "contract": """
            cuenta,suscripcion,contrato,servicio,linea,seguro,membresia,abono,tarifa,poliza,todo,plan,ficha,perfil
            """,
            "its": "mi,la,el,mis,los,las,nuestra,nuestro,este,esta,vuestro,vuestra",
            "neverAgain": """
            no vuelvo,no volvere,no volvemos,no volveremos,no pienso volver,no vuelvo a comprar,nunca mas,\
            jamas volvere,\
            jamas vuelvo,no compro mas,no os compro,no comprare,no compro nada,no me veis mas,no me veran mas,\
            no me vereis mas,no me volvereis a ver,no me volveran a ver,ultima vez que compro,\
            ultima vez que os compro,\
            ultima vez que les compro,la ultima vez que,nunca volvere,nunca vuelvo
            """,
            "lostClient": """
            perdeis un cliente,perdido un cliente,perdido a un cliente,perdido como cliente,perdeis una clienta,\
            perdido una clienta,perder un cliente,perder a un cliente,pierden un cliente,perdereis un cliente,\
            perderan un cliente,dejo de ser cliente,dejo de ser clienta,dejare de ser cliente,dejar de ser cliente,\
            perdeis a un cliente,me perdeis,un cliente menos
            """,

            // Courts.
            "youAll": "os,les,los,te,las",
            "going":
                "voy a,vamos a,pienso,pensamos,voy,tendre que,tendremos que,no me queda otra que,acabare,juro que voy a",
            "denounce":
                "denuncio,denunciare,denunciaremos,denunciamos,demando,demandare,demandaremos,demandamos,denunciar,demandar",
            "denounceInf": "denunciar,demandar",
            "denounceYou":
                "denunciaros,denunciarles,denunciarlos,denunciarte,demandaros,demandarles,demandarlos,demandarte",
            "lodge": "poner,presentar,interponer,meter,poneros,ponerles,interponeros,presentaros,meteros",
            "lodging":
                "pondre,presentare,interpondre,pondremos,presentaremos,interpondremos,os pongo,les pongo,os pondre,les pondre",
            "complaint": "denuncia,demanda,querella",
            "company": "empresa,compania,vuestra empresa,su empresa,esta empresa,esta compania,vosotros,ustedes",
            "myLawyer":
                "mi abogado,mis abogados,mi abogada,nuestros abogados,nuestro abogado,un abogado,los abogados,abogados",
            "lawyerActs":
                "se pondra,se pondran,os contactara,os contactaran,les contactara,os llamara,les llamara,os escribira,se encargara",
            "lawyerTalk":
                "hablare con,llamare a,contactare con,contactare a,voy a llamar a,voy a contactar,llamo a,consultare con",
            "courtVerb": """
            nos vemos en,nos veremos en,os vere en,les vere en,os llevare a,les llevare a,los llevare a,llevaros a,\
            llevarlos a,llevarles a,llevare esto a,acudire a,ire a,voy a ir a,iremos a,os llevo a,los llevo a,\
            llevar esto a
            """,
            "court":
                "juicio,juzgado,juzgados,los juzgados,el juzgado,tribunal,tribunales,los tribunales,un juicio,corte,la corte",
            "takeLegal":
                "tomare,tomaremos,emprendere,emprenderemos,iniciare,iniciaremos,ejercere,tomar,emprender,iniciar,ejercer",
            "legalSteps":
                "acciones legales,medidas legales,acciones judiciales,medidas judiciales,la via legal,la via judicial",
            "authority":
                "consumo,facua,la ocu,ocu,profeco,la omic,omic,sernac,indecopi,proteccion al consumidor,el defensor del pueblo",
            "anger": """
            harto,harta,hartos,hartas,hasta las narices,hasta los huevos,hasta el gorro,inaceptable,intolerable,\
            indignante,\
            indignado,indignada,pesimo,pesima,horrible,tomadura de pelo,tomais el pelo,tomando el pelo,una eternidad,\
            cabreado,cabreada,enfadado,enfadada,furioso,furiosa,no sirve para nada,no servis para nada,\
            no sirven para nada,\
            peor servicio,peor empresa,lamentable,nefasto,desastre,verguenza,asco,me cago,increible,\
            hoja de reclamaciones,\
            llevo horas,llevo dias,llevo semanas,llevo meses,estoy que trino,ya esta bien,es el colmo,esto es el colmo
            """,
        ],
        rules: [
            PhraseRule(.person, "{want} {light}* {talk} {adverb}* {link} {det}* {person}"),
            PhraseRule(.person, statementOnly: true, "{must} {light}* {talk} {adverb}* {link} {det}* {person}"),
            PhraseRule(.person, .ability, "{can} {light}* {talk} {adverb}* {link} {det}* {person}"),
            PhraseRule(.person, "^ {starter}* {talk} {adverb}* {link} {det}* {person} {real}? {now}* |"),
            PhraseRule(.person, "^ {starter}* {talk} {adverb}* {link} {det}* {person} {about}"),
            PhraseRule(.person, "{transferMe} {adverb}* {toLink} {det}* {person}"),
            PhraseRule(.person, "me {canThird}? {transfer} {adverb}* {toLink} {det}* {person}"),
            PhraseRule(.person, "{want} {light}* {transfer} {adverb}* con {det}* {person}"),
            PhraseRule(.person, .ability, "{can} {light}* {transferMe} {adverb}* {toLink} {det}* {person}"),
            PhraseRule(.person, "{want} {light}* {det}* {who} |"),
            PhraseRule(.person, "{want} {light}* {det}* {who} {real}"),
            PhraseRule(.person, "{want} {light}* {det}* {who} {now}"),
            PhraseRule(.person, "{want} {light}* {det}* {who} {of}"),
            PhraseRule(.person, "{want} {light}* {det}* {person} que me {canThird}? {service}"),
            PhraseRule(.person, "{want} {light}* {det}* alguien {real}"),
            PhraseRule(.person, "{want} que {det}* {person} me {canThird}? {service}"),
            PhraseRule(.person, "{transferMe} {adverb}* {det}* {who} {real}? {now}* |"),
            PhraseRule(.person, "me {canThird}? {serviceOnly} {adverb}* {det}* {person}"),
            PhraseRule(.person, "me {canThird}? {service} {adverb}* {det}* {who}"),
            PhraseRule(.person, "{det} {det}* {who} me {canThird} {service}"),
            PhraseRule(.person, "{det} {det}* {who} {canThird} {serviceMe}"),
            PhraseRule(.person, .ability, "{canThird} {serviceMe} {adverb}* {det} {det}* {who}"),
            PhraseRule(.person, "^ {starter}* con {det} {det}* {who} {now}* |"),
            PhraseRule(.person, .either, "{available} {det}* {alone} {present}* |"),
            PhraseRule(.person, .either, "{available} {det}* {who} {present}"),
            PhraseRule(.person, .either, "{available} {det}* alguien {real}"),
            PhraseRule(.person, .either, "{available} {someone} {thatWith} {can}? {talk}"),
            PhraseRule(.person, .either, "{available} {someone} {thatWith} pueda {talk}"),
            PhraseRule(.person, .either, "{available} {someone} que me {canThird}? {serviceOnly}"),
            PhraseRule(.person, .either, "{available} {det}* {who} que me {canThird}? {service}"),
            PhraseRule(.person, "^ {starter}* {det}* {alone} {now}* |"),
            PhraseRule(.person, .either, "{person} que no sea {det}* {bot}"),
            // Away from the machine.
            PhraseRule(.person, .negated, "{want} {light}* {talking} {adverb}* {link} {det}* {bot}"),
            PhraseRule(.person, .negated, "{want} {light}* {det}* {bot} |"),
            PhraseRule(.person, .negated, "{want} ... {serviceOnly} {adverb}* {det}* {bot}"),
            PhraseRule(.person, .negated, "me {transfer} {adverb}* {toLink} {det}* {bot}"),
            PhraseRule(.person, .negated, "{talks} {adverb}* {link} {det}* {bot}"),
            PhraseRule(.person, .either, "{want} no {light}* {talking} {adverb}* {link} {det}* {bot}"),
            PhraseRule(.person, "{want} dejar de {talking} {adverb}* {link} {det}* {bot}"),
            PhraseRule(.person, .either, "{weary} {light}* {talking} {adverb}* {link} {det}* {bot}"),
            PhraseRule(.person, .either, "^ {starter}* {enough} {det}* {bot} |"),

            PhraseRule(.insult, "{insult}"),
            PhraseRule(.insult, "{youAre} {adverbBe}* {accusation}"),
            PhraseRule(.insult, "^ {accusation} |"),
            PhraseRule(.insult, "que {accusation} {youAre}"),

            PhraseRule(.leaving, "{goTo} {its}* {competitor}"),
            PhraseRule(.leaving, "{goTo} {its}* la competencia"),
            PhraseRule(.leaving, "{go} {away}* |"),
            PhraseRule(.leaving, "{unsubscribe}"),
            PhraseRule(.leaving, "{cancel} {its}* {contract}"),
            PhraseRule(.leaving, "{going} cancelar {away}* |"),
            PhraseRule(.leaving, "cancelo {away}* |"),
            PhraseRule(.leaving, .either, "{neverAgain}"),
            PhraseRule(.leaving, .either, "{lostClient}"),

            PhraseRule(.legalThreat, "{youAll} {going}? {denounce}"),
            PhraseRule(.legalThreat, "{going} {denounceYou}"),
            PhraseRule(.legalThreat, "{going} {denounceInf} |"),
            PhraseRule(.legalThreat, "{going} {denounceInf} a {its}* {company}"),
            PhraseRule(.legalThreat, "{going} {lodge} {its}* una {complaint} |"),
            PhraseRule(.legalThreat, "{lodging} una {complaint} |"),
            PhraseRule(.legalThreat, "{going} {lodge} una {complaint} {its}? contra"),
            PhraseRule(.legalThreat, "{lodging} una {complaint} contra"),
            PhraseRule(.legalThreat, "{going} {lodge} una {complaint} en {authority}"),
            PhraseRule(.legalThreat, "{lodging} una {complaint} en {authority}"),
            PhraseRule(.legalThreat, "{denounce} a {authority}"),
            PhraseRule(.legalThreat, "{denounce} ... en {authority}"),
            PhraseRule(.legalThreat, "noticias de {myLawyer}"),
            PhraseRule(.legalThreat, "manos de {myLawyer}"),
            PhraseRule(.legalThreat, "{myLawyer} {lawyerActs}"),
            PhraseRule(.legalThreat, "{lawyerTalk} {myLawyer}"),
            PhraseRule(.legalThreat, "{courtVerb} {court}"),
            PhraseRule(.legalThreat, "{going} ir a {court}"),
            PhraseRule(.legalThreat, "{going} ir a {authority}"),
            PhraseRule(.legalThreat, "{going} {lodge} una {complaint} si no"),
            PhraseRule(.legalThreat, "{lodging} una {complaint} si no"),
            PhraseRule(.legalThreat, "{takeLegal} {legalSteps}"),

            PhraseRule(.anger, "{anger}"),
        ],
        negators: "no nunca jamas tampoco ni sin",
        transparent: """
            me te le lo se nos os les ya que quiero queremos quisiera necesito hace falta es necesario hay \
            gustaria de deseo \
            mas voy a pienso un una son sois eres soy tan muy vamos
            """,
        rhetorical: "si hasta",
        otherSubjects: "quieres",
        oneself: "soy fui pregunta preguntas duda dudas"
    )
}
